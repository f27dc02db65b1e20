/** A kernel that gpu.js compiled, as a launch uses it. */
export interface Program {
  readonly program: WebGLProgram;
  /** gpu.js' own kernel. */
  readonly kernel: object;
  /** Whether it finds the places of no more than `NEAR` elements. */
  readonly near: boolean;
  readonly vertices: WebGLVertexArrayObject | null;
  /** Where the integers of a launch go, in their order; null where the shader does not use one. */
  readonly ints: readonly (WebGLUniformLocation | null)[];
  /** What they are set to. */
  readonly values: number[];
  /** Where the extents of the inputs go. */
  readonly extents: readonly (WebGLUniformLocation | null)[];
  /** The textures whose extents these are set to. */
  readonly extentsOf: (object | null)[];
}
