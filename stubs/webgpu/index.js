throw new Error("'webgpu' is a stub in this repository: WebGL is tested in a real browser.");
