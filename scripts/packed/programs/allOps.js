import * as functions from '@wengert/core/functions';

console.log(functions);
