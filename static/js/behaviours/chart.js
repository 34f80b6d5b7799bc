// A drawing with a table behind it. The element names a JSON island (data-chart="island-id") in a small vocabulary:
//   { kind: "bar" | "line" | "funnel" | "pie",
//     categories: ["Sep", "Oct"],                       bar and line: one per point
//     series: [{ name, values, tone?, stack?, hrefs? }],  tone: a token such as "accent" or "stage-b"
//     slices: [{ name, value, tone?, href? }],          funnel and pie
//     format: "number" | "money" | "percent" | "days", currency: "CNY", horizontal: false, label: "What it shows" }
// Colours are the page's own tokens; the drawing follows the theme; what has an href can be clicked.

import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, FunnelChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const TONES = ["accent", "stage-c", "stage-b", "stage-s", "stage-a", "stage-e"];

/** A token's colour in the theme of `element`, as the browser resolves it. */
function reader(element) {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  return { colour, done: () => probe.remove() };
}

function formatter({ format, currency }) {
  const language = document.documentElement.lang || undefined;
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const whole = {
    money: () => new Intl.NumberFormat(language, { style: "currency", currency: currency || "CNY", maximumFractionDigits: 0 }),
    percent: () => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }),
    days: () => new Intl.NumberFormat(language, { style: "unit", unit: "day", maximumFractionDigits: 1 }),
  };
  const full = (whole[format] ?? (() => new Intl.NumberFormat(language, { maximumFractionDigits: 2 })))();
  return {
    axis: (value) => (format === "percent" ? full.format(value) : short.format(value)),
    full: (value) => (value === null || value === undefined ? "" : full.format(value)),
  };
}

function options(chart, colour, still) {
  const ink = colour("ink");
  const muted = colour("muted");
  const line = colour("line");
  const { axis, full } = formatter(chart);
  const tone = (item, index) => colour(item.tone ?? TONES[index % TONES.length]);
  const base = {
    animation: !still,
    animationDuration: 180,
    aria: { enabled: true, label: { description: chart.label } },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: muted },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("surface"),
      borderColor: line,
      borderWidth: 1,
      padding: 8,
      textStyle: { color: ink, fontSize: 12 },
      valueFormatter: full,
    },
  };
  if (chart.kind === "pie" || chart.kind === "funnel") {
    const data = chart.slices.map((slice, index) => ({ name: slice.name, value: slice.value, href: slice.href, itemStyle: { color: tone(slice, index) } }));
    const label = { color: ink, formatter: ({ name, value }) => `${name}  ${full(value)}` };
    const shape =
      chart.kind === "pie"
        ? { type: "pie", radius: ["52%", "76%"], label: { ...label, color: muted } }
        : { type: "funnel", sort: "none", gap: 2, left: "4%", width: "92%", top: 8, bottom: 8, minSize: "4%", label: { ...label, color: colour("on-stage"), position: "inside" } };
    return { ...base, tooltip: { ...base.tooltip, trigger: "item" }, series: [{ ...shape, data, itemStyle: { borderColor: colour("surface"), borderWidth: 1 } }] };
  }
  const names = { type: "category", data: chart.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: muted }, inverse: Boolean(chart.horizontal) };
  const values = { type: "value", splitLine: { lineStyle: { color: line } }, axisLabel: { color: muted, formatter: axis } };
  const several = chart.series.length > 1;
  return {
    ...base,
    tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: chart.kind === "bar" ? "shadow" : "line", shadowStyle: { color: colour("hover"), opacity: 0.5 }, lineStyle: { color: colour("line-strong") } } },
    legend: several ? { top: 0, left: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: { color: muted } } : undefined,
    grid: { top: several ? 36 : 12, left: 4, right: 12, bottom: 4, containLabel: true },
    xAxis: chart.horizontal ? values : names,
    yAxis: chart.horizontal ? names : values,
    series: chart.series.map((series, index) => ({
      type: chart.kind,
      name: series.name,
      stack: series.stack,
      barMaxWidth: 32,
      symbolSize: 6,
      lineStyle: { width: 2 },
      itemStyle: { color: tone(series, index), borderRadius: chart.kind === "bar" ? 3 : 0 },
      data: series.values.map((value, point) => ({
        value,
        href: series.hrefs?.[point],
        ...(series.tones?.[point] ? { itemStyle: { color: colour(series.tones[point]) } } : {}),
      })),
    })),
  };
}

export default function chart(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
  let drawing;

  function draw() {
    drawing?.dispose();
    const { colour, done } = reader(element);
    const chosen = options(data, colour, still);
    done();
    drawing = init(element, null, { renderer: "svg" });
    drawing.setOption(chosen);
    drawing.on("click", ({ data: point }) => point?.href && location.assign(point.href));
    drawing.on("mouseover", ({ data: point }) => drawing.getZr().setCursorStyle(point?.href ? "pointer" : "default"));
  }

  draw();
  const size = new ResizeObserver(() => drawing.resize());
  size.observe(element);
  document.addEventListener("theme:changed", draw);
  return () => {
    size.disconnect();
    document.removeEventListener("theme:changed", draw);
    drawing.dispose();
  };
}
