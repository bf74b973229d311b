/** Colours that stay apart for colour-blind eyes (Okabe and Ito) and on both backgrounds. */
export interface Theme {
  text: string;
  muted: string;
  line: string;
  background: string;
  series: string[];
  /** From bad to good. */
  scale: string[];
  states: Record<string, string>;
}

const STATES = {waiting: '#999999', running: '#0072b2', Succeeded: '#009e73', Failed: '#d55e00', Stopped: '#e69f00', retried: '#cc79a7'};

/** Viridis, whose lightness grows evenly; on a dark background its dark end is lifted. */
const VIRIDIS = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'];
const LIFTED = ['#8a63c9', '#6c7fd0', '#3f9bb8', '#22b88f', '#7ad151', '#fde725'];

export const LIGHT: Theme = {
  text: '#1b1f24', muted: '#57606a', line: '#d0d7de', background: '#ffffff',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#555555', '#8c564b'], scale: VIRIDIS, states: STATES,
};
export const DARK: Theme = {
  text: '#e6edf3', muted: '#9da7b3', line: '#3d444d', background: '#0d1117',
  series: ['#56b4e9', '#ff9d5c', '#2fc79a', '#e09bc6', '#f0c955', '#7fb8ff', '#bbbbbb', '#c9a296'], scale: LIFTED, states: {...STATES, waiting: '#8b949e', running: '#56b4e9'},
};

