"use strict";
// Draws the charts of a report from the numbers that are in the page.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = id => document.getElementById(id);
  const begin = data.begin, end = Math.max(data.end, data.begin + 1000);
  // More marks than this in view are drawn as lines only.
  const MARKS_MAX = 300;
  const DAY = 86400000;

  // Numbers are told as steps from the one before, in whole units.
  const sums = (steps, unit) => { let sum = 0; return steps.map(step => (sum += step) / unit); };
  const two = number => String(number).padStart(2, "0");
  const day = ms => { const d = new Date(ms); return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`; };
  const clock = (ms, withSeconds) => {
    const d = new Date(ms);
    return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}` + (withSeconds ? `:${two(d.getUTCSeconds())}` : "");
  };
  const stamp = ms => `${day(ms)} ${clock(ms, true)}`;
  const number = (value, digits) => {
    const [whole, rest] = Math.abs(value).toFixed(digits).split(".");
    const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "-" : "";
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  };
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const unit = 10 ** data.digits;
  const equity = (() => {
    const e = data.equity;
    const t = sums(e.t, 1).map(time => time + begin);
    const v = sums(e.v, unit), b = sums(e.b, unit);
    const lo = v.map((value, i) => value - e.lo[i] / unit), hi = v.map((value, i) => value + e.hi[i] / unit);
    const fall = e.dd.map(units => -units / unit);
    if (t.length && t[t.length - 1] < end) {
      // Nothing changed until the end.
      const last = t.length - 1, now = v[last];
      for (const [list, value] of [[t, end], [v, now], [b, b[last]], [lo, now], [hi, now], [fall, now - Math.max(...hi)]]) list.push(value);
    }
    return { t, v, b, lo, hi, fall };
  })();
  const symbols = data.symbols.map(s => {
    const point = 10 ** s.digits;
    const v = sums(s.v, point);
    return {
      name: s.name, digits: s.digits, trades: s.trades.map(([a, p, z, q, side, net]) => [a + begin, p, z + begin, q, side, net]),
      t: sums(s.t, 1).map(time => time + begin), v,
      lo: v.map((value, i) => value - s.lo[i] / point), hi: v.map((value, i) => value + s.hi[i] / point),
    };
  });
  let shown = 0;

  let charts = [];
  let view = [begin, end];
  const setView = (min, max) => {
    view = [Math.max(begin, min), Math.min(end, max)];
    at("all").hidden = view[0] === begin && view[1] === end;
    for (const chart of charts) chart.setScale("x", { min: view[0], max: view[1] });
  };

  const timeLabels = (u, splits, axis, space, step) => splits.map((ms, i) => {
    if (step >= DAY) return day(ms);
    const text = clock(ms, step < 60000);
    return i === 0 || day(ms) !== day(splits[i - 1]) ? `${text}\n${day(ms)}` : text;
  });
  // The places in view, and one more at either side, whose lines lead out of it.
  const inView = times => {
    const first = limit => { let a = 0, b = times.length; while (a < b) { const m = (a + b) >> 1; if (times[m] < limit) a = m + 1; else b = m; } return a; };
    return [Math.max(0, first(view[0]) - 1), Math.min(times.length, first(view[1] + 1) + 1)];
  };
  // Room for what is in view: the lists by time, and further values.
  const fitted = (times, lists, more) => () => {
    const [from, to] = inView(times);
    let min = Infinity, max = -Infinity;
    const take = value => { min = Math.min(min, value); max = Math.max(max, value); };
    for (const list of lists) for (let i = from; i < to; i++) take(list[i]);
    for (const value of more ? more() : []) take(value);
    if (min > max) return [0, 1];
    const room = (max - min) * 0.06 || Math.abs(max) * 0.0005 || 1;
    return [min - room, max + room];
  };
  // From the lowest to the highest of each interval.
  const ranges = (lo, hi) => u => {
    const { ctx } = u, [from, to] = u.series[0].idxs;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour("band");
    ctx.lineWidth = Math.max(devicePixelRatio, u.bbox.width / Math.max(1, to - from + 1) * 0.8);
    ctx.lineWidth = Math.min(ctx.lineWidth, 6 * devicePixelRatio);
    ctx.beginPath();
    for (let i = from; i <= to; i++) {
      if (lo[i] === hi[i]) continue;
      const x = u.valToPos(u.data[0][i], "x", true);
      ctx.moveTo(x, u.valToPos(lo[i], "y", true));
      ctx.lineTo(x, u.valToPos(hi[i], "y", true));
    }
    ctx.stroke();
    ctx.restore();
  };

  const tradesIn = (symbol, min, max) => symbol.trades.filter(trade => trade[2] >= min && trade[0] <= max);
  const marks = symbol => u => {
    const { ctx } = u, scale = devicePixelRatio, size = 5 * scale;
    const seen = tradesIn(symbol, u.scales.x.min, u.scales.x.max);
    const isFew = seen.length <= MARKS_MAX;
    const colours = [colour("sell"), colour("buy")], paper = colour("card");
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    ctx.lineWidth = (isFew ? 1.5 : 1) * scale;
    for (const [a, p, z, q, side, net] of seen) {
      const x = u.valToPos(a, "x", true), y = u.valToPos(p, "y", true);
      const x2 = u.valToPos(z, "x", true), y2 = u.valToPos(q, "y", true);
      ctx.strokeStyle = ctx.fillStyle = colours[side];
      ctx.setLineDash(isFew && net < 0 ? [2 * scale, 3 * scale] : []);
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x2, y2);
      ctx.stroke();
      if (!isFew) continue;
      ctx.setLineDash([]);
      const up = side ? -1 : 1;
      ctx.beginPath();
      ctx.moveTo(x, y + up * size);
      ctx.lineTo(x - size, y - up * size * 0.8);
      ctx.lineTo(x + size, y - up * size * 0.8);
      ctx.closePath();
      ctx.fill();
      ctx.beginPath();
      ctx.arc(x2, y2, size * 0.6, 0, 2 * Math.PI);
      ctx.fillStyle = paper;
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  };

  // An average may have more decimals than the symbol.
  const priced = (symbol, price) => {
    const text = price.toFixed(symbol.digits);
    return Number(text) === price ? text : String(price);
  };
  const hint = at("trade").textContent;
  const tell = symbol => u => {
    const time = u.cursor.left < 0 ? null : u.posToVal(u.cursor.left, "x");
    const held = time == null ? [] : tradesIn(symbol, time, time);
    const trade = held[held.length - 1];
    at("trade").textContent = trade == null ? hint
      : `${trade[4] ? "buy" : "sell"} ${priced(symbol, trade[1])} at ${stamp(trade[0])}, closed ${priced(symbol, trade[3])} at ${stamp(trade[2])}: `
        + `${number(trade[5], data.digits)} ${data.currency}` + (held.length > 1 ? ` (and ${held.length - 1} more then)` : "");
  };

  const zoom = u => {
    const { left, width } = u.select;
    if (width < 4) return;
    const min = u.posToVal(left, "x"), max = u.posToVal(left + width, "x");
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    setView(min, max);
  };
  const make = (id, series, values, options) => {
    const box = at(id);
    box.textContent = "";
    const grid = { stroke: colour("grid"), width: 1 }, ticks = { stroke: colour("rule"), width: 1, size: 5 };
    const isNarrow = box.clientWidth < 480;
    const axis = { stroke: colour("dim"), grid, ticks, font: "12px system-ui, sans-serif" };
    const time = { label: "time", value: (u, ms) => ms == null ? "-" : stamp(ms) };
    const chart = new uPlot({
      width: box.clientWidth, height: Number(getComputedStyle(box).getPropertyValue("--height")), ms: 1,
      tzDate: ms => uPlot.tzDate(new Date(ms), "Etc/UTC"),
      scales: { x: { min: view[0], max: view[1], auto: false }, y: { range: options.range } },
      axes: [
        { ...axis, values: timeLabels, space: 92, size: 44 },
        { ...axis, size: isNarrow ? 62 : 78, values: (u, splits, i, space, step) => splits.map(v => number(v, options.decimals(step))) },
      ],
      series: [time, ...series],
      hooks: { drawAxes: options.under || [], draw: options.over || [], setCursor: options.setCursor || [], setSelect: [zoom] },
      cursor: {
        drag: { x: true, y: false, setScale: false }, y: false, points: { size: 6 },
        sync: { key: "run", filters: { pub: type => type === "mousemove" || type === "mouseleave" } },
        bind: { dblclick: () => () => { setView(begin, end); } },
      },
    }, values, box);
    charts.push(chart);
    return chart;
  };

  const none = { paths: () => null, points: { show: false } };
  const money = value => value == null ? "-" : number(value, data.digits);
  const moneyDecimals = step => step >= 1 ? 0 : Math.min(data.digits, 2);
  const draw = () => {
    for (const chart of charts) chart.destroy();
    charts = [];
    const line = { width: 1.25, points: { show: false } };
    const stepped = uPlot.paths.stepped({ align: 1 });
    const symbol = symbols[shown];
    if (symbol) {
      const price = value => value == null ? "-" : value.toFixed(symbol.digits);
      make("price", [
        { ...line, label: "bid", stroke: colour("second"), value: (u, v) => price(v) },
        { ...none, label: "low", value: (u, v) => price(v) },
        { ...none, label: "high", value: (u, v) => price(v) },
      ], [symbol.t, symbol.v, symbol.lo, symbol.hi], {
        decimals: step => Math.min(symbol.digits, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))),
        range: fitted(symbol.t, [symbol.lo, symbol.hi], () => tradesIn(symbol, ...view).flatMap(trade => [trade[1], trade[3]])),
        under: [ranges(symbol.lo, symbol.hi)], over: [marks(symbol)], setCursor: [tell(symbol)],
      });
    }
    make("equity", [
      { ...line, label: "balance", stroke: colour("second"), dash: [4, 3], paths: stepped, value: (u, v) => money(v) },
      { ...line, label: "equity", stroke: colour("line"), paths: stepped, value: (u, v) => money(v) },
      { ...none, label: "low", value: (u, v) => money(v) },
      { ...none, label: "high", value: (u, v) => money(v) },
    ], [equity.t, equity.b, equity.v, equity.lo, equity.hi], {
      decimals: moneyDecimals, range: fitted(equity.t, [equity.lo, equity.hi, equity.b]), under: [ranges(equity.lo, equity.hi)],
    });
    make("drawdown", [
      { ...line, label: "below the highest equity", stroke: colour("lost"), fill: colour("fall"), paths: stepped, value: (u, v) => money(v) },
    ], [equity.t, equity.fall], {
      decimals: moneyDecimals, range: () => [Math.min(...equity.fall.slice(...inView(equity.t)), 0) * 1.08 || -1, 0],
    });
  };

  const choose = index => {
    shown = index;
    [...at("symbols").children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === index)));
    draw();
  };
  if (symbols.length > 1) {
    symbols.forEach((symbol, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = symbol.name;
      button.onclick = () => choose(index);
      at("symbols").append(button);
    });
  }
  at("all").onclick = () => setView(begin, end);
  document.querySelector(".rows tbody")?.addEventListener("click", event => {
    const row = event.target.closest("tr");
    if (!row || row.dataset.in == null) return;
    const from = begin + Number(row.dataset.in), to = begin + Number(row.dataset.out);
    const index = symbols.findIndex(symbol => symbol.name === row.dataset.symbol);
    if (index >= 0 && index !== shown) choose(index);
    const room = Math.max(60000, (to - from) * 0.5);
    setView(from - room, to + room);
    at("price").scrollIntoView({ block: "center" });
  });
  choose(0);
  let width = document.body.clientWidth;
  addEventListener("resize", () => {
    if (document.body.clientWidth !== width) { width = document.body.clientWidth; draw(); }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  // On paper the page is light, and narrower.
  matchMedia("print").addEventListener("change", draw);
})();
