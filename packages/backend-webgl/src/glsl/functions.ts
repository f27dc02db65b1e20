/** GLSL functions by their names; what one calls is found by looking for names. */
export type Functions = Readonly<Record<string, string>>;
