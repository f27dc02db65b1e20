import type { NestedValues } from '@wengert/core';

/** What a program found, under the names that a person reads; undefined where there is no gradient. */
export type Findings<Name extends string> = Readonly<Record<Name, NestedValues | string | undefined>>;
