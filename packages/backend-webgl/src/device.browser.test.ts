import { BackendError } from '@wengert/core';
import { describe, expect, it } from 'vitest';
import { sharedContext } from './context.ts';
import { GPU, WebGL2Kernel } from './gpu.ts';
import { createWebglBackend } from './index.ts';
import { Pool } from './pool.ts';
import { Device, MAX_INPUTS, type Source } from './program.ts';
import { host, random, runKernel } from './testing.ts';
import { extent, type GpuStorage } from './texture.ts';
import { readSync, upload } from './transfer.ts';

const context = sharedContext();
const spec = { shape: [3], dtype: 'float32' as const };

describe('the device', () => {
  it('runs on the WebGL 2 kernels of gpu.js', () => {
    expect(context.compiler).toBeInstanceOf(GPU);
    expect(context.compiler.Kernel).toBe(WebGL2Kernel);
    runKernel(createWebglBackend({ hostElements: 0 }), 'exp', [random([3])], {}, spec);
    expect(context.programs.size).toBeGreaterThan(0);
    for (const { kernel } of context.programs.values()) expect(kernel).toBeInstanceOf(WebGL2Kernel);
  });

  it('leaves the page its own GPU', () => {
    expect(Object.getOwnPropertyDescriptor(globalThis, 'GPU')?.value).not.toBe(GPU);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'GPU')?.get).toBeUndefined();
  });

  it('has one context, however many backends there are', () => {
    const backends = Array.from({ length: 20 }, () => createWebglBackend({ hostElements: 0 }));
    const block = { ...spec, storage: backends[0].write(Float32Array.of(1, 2, 3), spec) };
    expect(sharedContext()).toBe(context);
    expect(context.gl.isContextLost()).toBe(false);
    expect(backends[19].readSync?.(block)).toEqual(Float32Array.of(1, 2, 3));
  });

  it('gives one program as many textures as gpu.js takes, and no more', () => {
    const pool = new Pool(context, { unused: 0 });
    const device = new Device(context, pool);
    const launch = (count: number): GpuStorage => {
      const inputs = Array.from({ length: count }, (_, k) => {
        return upload(context, pool, Float32Array.of(2 ** k));
      });
      const reads = inputs.map((_, k) => `texelFetch(t${k}, ivec2(0), 0)`);
      const source = (): Source => ({
        inputs: count,
        ints: [],
        glsl: `vec4 texel(int o) { return ${reads.join(' + ')}; }`,
      });
      return device.launch(`sum of ${count}`, source, inputs, [], 1);
    };
    expect(readSync(context, launch(MAX_INPUTS), 'float32')).toEqual(Float32Array.of(2 ** MAX_INPUTS - 1));
    expect(() => launch(MAX_INPUTS + 1)).toThrow(BackendError);
  });

  it('chooses textures from sizes alone', () => {
    expect(extent(1, 8192)).toEqual({ shift: 0, height: 1 });
    expect(extent(17, 8192)).toEqual({ shift: 2, height: 2 });
    expect(extent(4 * 8192 * 8192, 8192)).toEqual({ shift: 13, height: 8192 });
    expect(extent(4 * 8192 * 8192 + 1, 8192).height).toBe(8193);
    expect(() => new Pool(context, { unused: 0 }).allocate(4 * context.maxSide ** 2 + 1)).toThrow(BackendError);
  });
});

describe('values', () => {
  it.each([0, 1, 4, 5, 63, 64, 65, 1000])('come back from a tensor of %i', async (size) => {
    const backend = createWebglBackend({ hostElements: 0 });
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const { data } = random([size], dtype, -100, 100);
      const block = { shape: [size], dtype, storage: backend.write(data.slice(), { shape: [size], dtype }) };
      expect(await backend.read(block)).toEqual(data);
      expect(backend.readSync?.(block)).toEqual(data);
    }
  });

  it('come back bit by bit', async () => {
    const backend = createWebglBackend({ hostElements: 0 });
    const data = Float32Array.of(NaN, Infinity, -Infinity, -0, 1.17549435e-38, 3.4028234e38);
    expect(await backend.read({ ...spec, shape: [6], storage: backend.write(data, { ...spec, shape: [6] }) })).toEqual(
      data,
    );
  });

  it('of great int32 stay on the host', async () => {
    const backend = createWebglBackend({ hostElements: 0 });
    const x = host([3], 'int32', [2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1]);
    const block = { ...x, storage: backend.write(x.data.slice(), x) };
    expect(await backend.read(block)).toEqual(x.data);
    expect(backend.readSync?.(block)).toEqual(x.data);
    expect(runKernel(backend, 'neg', [x], {}, x)).toBeNull();
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
    backend.free(block.storage);
  });

  it('are read concurrently', async () => {
    const backend = createWebglBackend({ hostElements: 0 });
    const all = Array.from({ length: 9 }, () => random([50]));
    const reads = all.map((x) => backend.read({ ...x, storage: backend.write(x.data.slice(), x) }));
    expect(await Promise.all(reads)).toEqual(all.map(({ data }) => data));
  });
});

describe('memory', () => {
  it('is flat over many launches, and textures are used again', () => {
    const backend = createWebglBackend({ hostElements: 0 });
    const x = random([40, 30]);
    const y = random([30, 20]);
    const created = context.gl.createTexture.bind(context.gl);
    let count = 0;
    context.gl.createTexture = () => {
      count++;
      return created();
    };
    try {
      const round = (): void => {
        const attrs = { transposeA: false, transposeB: false };
        runKernel(backend, 'matMul', [x, y], attrs, { shape: [40, 20], dtype: 'float32' });
        runKernel(backend, 'softmax', [x], { axis: 0 }, x);
        runKernel(backend, 'sum', [x], { axes: [0, 1] }, { shape: [], dtype: 'float32' });
        runKernel(backend, 'max', [random([3, 4, 5])], { axes: [0, 2] }, { shape: [4], dtype: 'float32' });
      };
      round();
      const before = count;
      for (let i = 0; i < 20; i++) round();
      expect(count).toBe(before);
    } finally {
      context.gl.createTexture = created;
    }
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  });

  it('is given back once, however often it is freed', () => {
    const backend = createWebglBackend({ hostElements: 0 });
    const storage = backend.write(Float32Array.of(1, 2, 3), spec);
    expect(backend.memory?.()).toEqual({ blocks: 1, bytes: 16 });
    backend.free(storage);
    backend.free(storage);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
    const a = { ...spec, storage: backend.write(Float32Array.of(1, 2, 3), spec) };
    const b = { ...spec, storage: backend.write(Float32Array.of(4, 5, 6), spec) };
    expect(backend.readSync?.(a)).toEqual(Float32Array.of(1, 2, 3));
    expect(backend.readSync?.(b)).toEqual(Float32Array.of(4, 5, 6));
  });

  it('keeps no more unused bytes than it was told', () => {
    const backend = createWebglBackend({ hostElements: 0, poolBytes: 32 });
    let deleted = 0;
    const remove = context.gl.deleteTexture.bind(context.gl);
    context.gl.deleteTexture = (texture) => {
      deleted++;
      remove(texture);
    };
    try {
      const storages = Array.from({ length: 5 }, () => backend.write(Float32Array.of(1, 2, 3), spec));
      for (const storage of storages) backend.free(storage);
    } finally {
      context.gl.deleteTexture = remove;
    }
    expect(deleted).toBe(3);
  });
});
