/** All charts of a sweep, in the order in which they are shown. */
import type {Chart} from './chart';
import {correlationBars} from './correlation';
import {curves} from './curves';
import {heatmap} from './heatmap';
import {importanceBars} from './importance';
import {parallel} from './parallel';
import {slices} from './slices';
import {timeline} from './timeline';

export const CHARTS: Chart[] = [parallel, importanceBars, correlationBars, heatmap, slices, curves, timeline];
