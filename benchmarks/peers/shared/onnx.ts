/** One node of a graph. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[] | string>>;
}

/** A graph of float32 tensors; a shape is given for what is fed and asked for. */
export interface Graph {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly Node[];
}

/** The wire format of protocol buffers: a field is its number with a wire type, then a varint or bytes with a length. */
type Bytes = readonly number[];

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const number = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, content: Bytes): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, value: string): Bytes => bytes(field, [...new TextEncoder().encode(value)]);
const each = <T>(items: Iterable<T>, encode: (item: T) => Bytes): Bytes =>
  [...items].flatMap((item) => [...encode(item)]);

const FLOAT = 1;
const kinds = { integer: 2, string: 3, integers: 7 };

function attribute(name: string, value: number | readonly number[] | string): Bytes {
  if (typeof value === 'number') return [...text(1, name), ...number(3, value), ...number(20, kinds.integer)];
  if (typeof value === 'string') return [...text(1, name), ...text(4, value), ...number(20, kinds.string)];
  return [...text(1, name), ...each(value, (item) => number(8, item)), ...number(20, kinds.integers)];
}

const node = ({ op, inputs, output, attributes = {} }: Node): Bytes => [
  ...each(inputs, (input) => text(1, input)),
  ...text(2, output),
  ...text(4, op),
  ...each(Object.entries(attributes), ([name, value]) => bytes(5, attribute(name, value))),
];

function valueInfo([name, shape]: readonly [string, readonly number[]]): Bytes {
  const dimensions = each(shape, (length) => bytes(1, number(1, length)));
  const tensor = [...number(1, FLOAT), ...bytes(2, dimensions)];
  return [...text(1, name), ...bytes(2, bytes(1, tensor))];
}

/** `graph` as the bytes of an ONNX model of opset 11, whose reductions take their axes as attributes. */
export function onnxModel({ inputs, outputs, nodes }: Graph): Uint8Array {
  const graph = [
    ...each(nodes, (one) => bytes(1, node(one))),
    ...text(2, 'benchmark'),
    ...each(Object.entries(inputs), (input) => bytes(11, valueInfo(input))),
    ...each(Object.entries(outputs), (output) => bytes(12, valueInfo(output))),
  ];
  return Uint8Array.from([...number(1, 6), ...bytes(7, graph), ...bytes(8, number(2, 11))]);
}
