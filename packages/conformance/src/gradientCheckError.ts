import { ConformanceError } from './errors.ts';

/** How a derivative is computed: by a tape, or by carrying tangents along. */
export type Mode = 'reverse' | 'forward';

/** One entry of a Jacobian, as the rule has it and as differences do. */
export interface Entry {
  readonly output: string;
  readonly input: string;
  readonly got: number;
  readonly expected: number;
}

/** What `checkGradients` found wrong. */
export interface GradientCheckReport {
  readonly op: string;
  readonly order: number;
  readonly mode: Mode | 'both';
  readonly what: string;
  readonly worst?: Entry | undefined;
  /** Both Jacobians, printed. */
  readonly jacobians?: string | undefined;
}

/** A derivative is not what differences say, the two modes disagree, or it is another when computed again. */
export class GradientCheckError extends ConformanceError implements GradientCheckReport {
  readonly op: string;
  readonly order: number;
  readonly mode: Mode | 'both';
  readonly what: string;
  readonly worst: Entry | undefined;
  readonly jacobians: string | undefined;

  constructor(report: GradientCheckReport) {
    super(describe(report));
    this.op = report.op;
    this.order = report.order;
    this.mode = report.mode;
    this.what = report.what;
    this.worst = report.worst;
    this.jacobians = report.jacobians;
  }
}

function describe({ op, order, mode, what, worst, jacobians }: GradientCheckReport): string {
  const head = `${op}: derivative of order ${order} (${mode} mode): ${what}`;
  const entry =
    worst && `; worst entry: d ${worst.output} / d ${worst.input} is ${worst.got}, expected ${worst.expected}`;
  return `${head}${entry ?? ''}${jacobians === undefined ? '' : `\n${jacobians}`}`;
}
