// Chart.js with the plugins used here.
import Chart from "chart.js/auto";
import annotation from "chartjs-plugin-annotation";
import zoom from "chartjs-plugin-zoom";

Chart.register(annotation, zoom);

export { Chart };
