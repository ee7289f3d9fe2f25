/* Draws every [data-chart] from the JSON block with the same id, in the platform's theme. */
(() => {
  "use strict";
  const ink = { dark: "#17212b", text: "#45525f", soft: "#5a6772", line: "#c6ced6", grid: "#e8ecf0" };
  const family = "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
  const theme = {
    color: ["#0f4c81", "#5f97c6", "#c97a00", "#5a4694", "#17693f", "#7c8995"],
    backgroundColor: "transparent",
    textStyle: { fontFamily: family, fontSize: 12, color: ink.text },
    title: { textStyle: { color: ink.dark, fontSize: 14, fontWeight: 600 } },
    grid: { left: 8, right: 16, top: 32, bottom: 4, containLabel: true },
    legend: { itemWidth: 12, itemHeight: 8, icon: "rect", top: 0, left: 0, textStyle: { color: ink.text, fontSize: 12 } },
    categoryAxis: {
      axisLine: { show: true, lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: { color: ink.text },
      splitLine: { show: false },
    },
    valueAxis: {
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: ink.soft },
      splitLine: { lineStyle: { color: ink.grid } },
      nameTextStyle: { color: ink.soft, align: "left" },
    },
    line: { symbol: "circle", symbolSize: 5, showSymbol: false, lineStyle: { width: 2 } },
    bar: { barMaxWidth: 18, itemStyle: { borderRadius: 0 } },
    tooltip: { backgroundColor: "#fff", borderColor: ink.line, borderWidth: 1, textStyle: { color: ink.dark, fontSize: 13 } },
  };
  const draw = (place) => {
    const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = echarts.init(place, "platform", { renderer: "svg" });
    const tooltip = { renderMode: "richText", ...option.tooltip };
    chart.setOption({ animation: false, aria: { enabled: true }, ...option, tooltip: option.tooltip ? tooltip : undefined });
    new ResizeObserver(() => chart.resize()).observe(place);
    place.dataset.drawn = "";
  };
  const start = () => {
    for (const place of document.querySelectorAll("[data-chart]:not([data-drawn])")) draw(place);
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.echarts) return;
    echarts.registerTheme("platform", theme);
    start();
  });
  document.addEventListener("htmx:afterSwap", () => window.echarts && start());
})();
