/** The root of all errors that Wengert throws on purpose. */
export class WengertError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** Shapes, ranks, axes or indices do not fit the op. */
export class ShapeError extends WengertError {}

/** The dtype does not fit the op or is not stored by the backend. */
export class DTypeError extends WengertError {}

/** The backend is unknown, lost, mixed with another, or unable to do what was asked. */
export class BackendError extends WengertError {}

/** A derivative was asked for that the tape or the op cannot give. */
export class GradientError extends WengertError {}

/** No kernel, no decomposition and no fallback serve the op on this backend. */
export class UnsupportedOpError extends WengertError {}

/** The tensor, scope or tape was used after it was disposed. */
export class DisposedError extends WengertError {}

/** A value of the wrong JavaScript type was given, such as null for a tensor: a TypeError. */
export class ArgumentError extends TypeError {
  override get name(): string {
    return this.constructor.name;
  }
}

/** `checkNumerics` met a NaN or an infinity. */
export class NumericsError extends WengertError {}
