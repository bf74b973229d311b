import {duration} from '../format';
import {hasEnded, type Trial} from '../model';
import {axis, frame, type Chart} from './chart';

const MAX_TRIALS = 400;

/** Pixels of a trial; of many trials less, down to a hair. */
const HEIGHT = 14;
const MAX_HEIGHT = 1000;
const heightOf = (trials: number): number => Math.max(2.5, Math.min(HEIGHT, MAX_HEIGHT / trials));

interface Bar { row: number; start: number; end: number; kind: string; trial: Trial; }

/** When each trial waited and ran, and on which node. */
export const timeline: Chart = {
  id: 'timeline',
  title: () => 'Timeline',
  description: (_, {selected}) => 'Each bar is a selected trial, by node: grey while it waited, then coloured by how it ended; a pink edge marks trials that were tried more than once.'
    + (timed(selected).length > MAX_TRIALS ? ` The last ${MAX_TRIALS} of ${timed(selected).length} are shown.` : ''),
  applies: report => timed(report.sweep.trials).length > 0,
  height: (_, {selected}) => {
    const shown = Math.min(MAX_TRIALS, timed(selected).length);
    return 90 + Math.round(heightOf(shown) * shown);
  },
  option: (_, {theme, selected, now}) => {
    const trials = timed(selected)
      .sort((a, b) => (a.node ?? '').localeCompare(b.node ?? '') || a.created!.localeCompare(b.created!))
      .slice(-MAX_TRIALS);
    const height = heightOf(trials.length);
    const gap = height > 6 ? 4 : 0.5;
    const bars = trials.flatMap((trial, row) => barsOf(trial, row, now));
    return {
      ...frame(theme),
      grid: {left: 12, right: 24, top: 8, bottom: 32, containLabel: true},
      xAxis: {...axis(theme), type: 'time', axisLabel: {color: theme.muted, hideOverlap: true}},
      yAxis: {...axis(theme), type: 'category', inverse: true, data: trials.map((trial, row) => label(trial, trials[row - 1])), axisTick: {show: false}, axisLabel: {color: theme.text, interval: 0, width: 140, overflow: 'truncate'}},
      series: [{
        type: 'custom',
        encode: {x: [1, 2], y: 0},
        data: bars.map(bar => ({name: bar.trial.trial, value: [bar.row, bar.start, bar.end], bar})),
        tooltip: {formatter: ({data}: {data: {bar: Bar}}) => text(data.bar)},
        renderItem: (params: {dataIndex: number}, api: {value: (dimension: number) => number; coord: (point: number[]) => number[]}) => {
          const bar = bars[params.dataIndex];
          const [left, middle] = api.coord([api.value(1), api.value(0)]);
          const [right] = api.coord([api.value(2), api.value(0)]);
          const retried = (bar.trial.attempts ?? 1) > 1 && bar.kind !== 'waiting';
          return {
            type: 'rect',
            shape: {x: left, y: middle - (height - gap) / 2, width: Math.max(1, right - left), height: height - gap},
            style: {fill: theme.states[bar.kind], stroke: retried ? theme.states.retried : undefined, lineWidth: retried ? 2 : 0},
          };
        },
      }],
    };
  },
};

const timed = (trials: Trial[]): Trial[] => trials.filter(trial => trial.created !== undefined);

/** The node is named once for all its trials. */
const label = (trial: Trial, above: Trial | undefined): string =>
  above !== undefined && above.node === trial.node ? '' : trial.node ?? 'no node yet';

function barsOf(trial: Trial, row: number, now: number): Bar[] {
  const created = Date.parse(trial.created!);
  const started = trial.started === undefined ? undefined : Date.parse(trial.started);
  const end = trial.ended === undefined ? now : Date.parse(trial.ended);
  const waiting: Bar = {row, start: created, end: started ?? end, kind: 'waiting', trial};
  return started === undefined ? [waiting] : [waiting, {row, start: started, end, kind: hasEnded(trial) ? trial.state : 'running', trial}];
}

const text = ({trial, kind, start, end}: Bar): string =>
  `${trial.trial}\n${kind === 'waiting' ? 'waited' : trial.state} ${duration(end - start)}`
  + ((trial.attempts ?? 1) > 1 ? `, ${trial.attempts} attempts` : '') + (trial.reason ? `\n${trial.reason}` : '');
