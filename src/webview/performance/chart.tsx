import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { absoluteTime } from "../time.ts";
import { themeColour, useTheme } from "./theme.ts";

export interface ChartSeries {
  label: string;
  values: readonly (number | null)[];
  /** A variable of the theme, such as "--vscode-charts-blue". */
  colour: string;
  shape: "line" | "area" | "bars";
}

export interface ChartProps {
  title: string;
  /** What the chart shows, in a sentence: for those who do not see it. */
  summary: string;
  /** When the slices of time begin, in ms since 1970. */
  times: readonly number[];
  /** Of bars, each stands on those before it. */
  series: readonly ChartSeries[];
  format: (value: number) => string;
  /** The top of the axis, where there is one. */
  most?: number;
}

const HEIGHT = 150;
const bars = uPlot.paths.bars?.({ size: [0.8, 40] });

/** A chart over time, drawn on a canvas; the same figures stand below it as a table. */
export function Chart(props: ChartProps) {
  const { title, summary, times, series, format } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const options = optionsOf(latest, element.clientWidth);
    const made = new uPlot(options, dataOf(latest.current), element);
    plot.current = made;
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme]);
  useEffect(() => plot.current?.setData(dataOf(props)), [times, series]);

  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div class="plot" role="img" aria-label={`${title}. ${summary}`} ref={place} />
      <details>
        <summary>{title} as a table</summary>
        <div class="scrolls" tabIndex={0} role="region" aria-label={`${title}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col" class="numeric">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, index) =>
                series.every(({ values }) => !values[index]) ? null : (
                  <tr key={time}>
                    <td>{absoluteTime(new Date(time).toISOString())}</td>
                    {series.map(({ label, values }) => (
                      <td key={label} class="numeric">
                        {textOf(values[index], format)}
                      </td>
                    ))}
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

const textOf = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? "" : format(value);

/** What stands on top is drawn first, and what it stands on over it. */
function dataOf({ times, series }: ChartProps): uPlot.AlignedData {
  const stacked = series.map(({ shape, values }, place) =>
    shape !== "bars"
      ? [...values]
      : values.map((value, index) =>
          series.slice(0, place).reduce((sum, { values: below }) => sum + (below[index] ?? 0), value ?? 0),
        ),
  );
  return [times.map((time) => time / 1000), ...stacked.reverse()];
}

function optionsOf(latest: { readonly current: ChartProps }, width: number): uPlot.Options {
  const text = themeColour("--vscode-descriptionForeground");
  const grid = { stroke: themeColour("--vscode-editorGroup-border", "--vscode-contrastBorder"), width: 1 };
  const style = getComputedStyle(document.body);
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: text, font, grid, ticks: { show: false }, gap: 6 };
  const { series, most } = latest.current;
  return {
    ...{ width, height: HEIGHT, padding: [8, 8, 0, 0] },
    cursor: { sync: { key: "performance" }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _least, greatest) => [0, most ?? (greatest > 0 ? greatest * 1.08 : 1)] } },
    axes: [
      { ...axis, space: 70 },
      {
        ...axis,
        size: 64,
        space: 32,
        values: (_plot, ticks) => ticks.map((tick) => latest.current.format(tick)),
      },
    ],
    series: [
      {
        value: (_plot, seconds: number | null) =>
          seconds === null ? "" : absoluteTime(new Date(seconds * 1000).toISOString()),
      },
      ...series.map((_each, place) => seriesOf(latest, place)).reverse(),
    ],
  };
}

function seriesOf(latest: { readonly current: ChartProps }, place: number): uPlot.Series {
  const one = latest.current.series[place];
  if (one === undefined) return {};
  const { label, colour, shape } = one;
  const stroke = themeColour(colour);
  return {
    ...{ label, stroke, spanGaps: true, width: 1.5 },
    ...(shape === "bars"
      ? { fill: stroke, width: 0, points: { show: false }, ...(bars && { paths: bars }) }
      : {}),
    ...(shape === "area" && { fill: faint(stroke), points: { show: false } }),
    ...(shape === "line" && { points: { show: true, size: 4, fill: stroke } }),
    value: (_plot, _value, _series, index) => {
      const { series, format } = latest.current;
      return index === null ? "" : textOf(series[place]?.values[index], format);
    },
  };
}

/** Colours of themes are written as #rrggbb or #rrggbbaa mostly. */
const faint = (colour: string): string => (/^#[\da-f]{6}$/i.test(colour) ? `${colour}33` : colour);
