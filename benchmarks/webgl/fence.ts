/** Resolves when everything asked of the GPU so far is done, with the same waiting for every library. */
export function fence(gl: WebGL2RenderingContext): Promise<void> {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (sync === null) throw new Error('The context gives no fence');
  gl.flush();
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const status = gl.clientWaitSync(sync, 0, 0);
      if (status === gl.TIMEOUT_EXPIRED) return port2.postMessage(null);
      gl.deleteSync(sync);
      port1.close();
      if (status === gl.WAIT_FAILED) reject(new Error('Waiting for the fence failed'));
      else resolve();
    };
    port2.postMessage(null);
  });
}

/** What draws: the GPU, or the program in its place. */
export function renderer(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}
