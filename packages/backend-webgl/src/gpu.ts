// Before gpu.js, whose loading this module undoes a part of.
import './keepGlobal.ts';
import { GPU, WebGL2Kernel } from 'gpu.js';
import { restoreGlobal } from './keepGlobal.ts';

restoreGlobal();

export { GPU, WebGL2Kernel };
