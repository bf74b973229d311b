/** The parts of ECharts that are used. */
import {BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart} from 'echarts/charts';
import {GridComponent, LegendComponent, ParallelComponent, TooltipComponent, VisualMapComponent} from 'echarts/components';
import {init, use} from 'echarts/core';
import {CanvasRenderer, SVGRenderer} from 'echarts/renderers';

use([
  BarChart, CustomChart, HeatmapChart, LineChart, ParallelChart, ScatterChart,
  GridComponent, LegendComponent, ParallelComponent, TooltipComponent, VisualMapComponent,
  CanvasRenderer, SVGRenderer,
]);

export {init};
