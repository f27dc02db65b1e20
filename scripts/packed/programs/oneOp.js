import { sin, tensor } from '@wengert/core/functions';

console.log(sin(tensor([0])));
