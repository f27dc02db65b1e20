import { sin, tensor } from '@wengert/core/functions';
import '@wengert/backend-cpu';

console.log(sin(tensor([0])).dataSync());
