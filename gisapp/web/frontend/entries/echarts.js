// The charts that the work pages draw; canvas only.
import { BarChart, LineChart, PieChart, RadarChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent,
  RadarComponent, TitleComponent, TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([
  AriaComponent, BarChart, CanvasRenderer, DatasetComponent, GridComponent, LegendComponent,
  LineChart, MarkLineComponent, PieChart, RadarChart, RadarComponent, ScatterChart,
  TitleComponent, TooltipComponent,
]);

export { init };
