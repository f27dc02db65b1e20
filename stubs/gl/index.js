throw new Error("'gl' is a stub in this repository: WebGL is tested in a real browser.");
