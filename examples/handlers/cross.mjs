// Trades the cross of two averages of M1 closes: tickpipe serve exec -- node cross.mjs
import { createInterface } from "node:readline";

const [FAST, SLOW, STOP_POINTS, MAGIC, VOLUME] = [3, 8, 200, "20190204", 0.1];
const asked = new Map();
let closes = [], side = 0, inDoubt = null, lastId = 0, work = Promise.resolve(), chart;

const send = (message) => console.log(JSON.stringify({ jsonrpc: "2.0", ...message }));
const sum = (points) => points.reduce((one, other) => one + other, 0);
const points = (price) => Math.round(price * 10 ** chart.digits); // Exact up to 15 digits.

function ask(method, params) {
  return new Promise((resolve, reject) => {
    asked.set(++lastId, { resolve, reject });
    send({ id: lastId, method, params });
  });
}

function add(close) { // Whether the averages have crossed; compared in whole points.
  closes = [points(close), ...closes].slice(0, SLOW);
  const [fast, slow, before] = [sum(closes.slice(0, FAST)) * SLOW, sum(closes) * FAST, side];
  if (closes.length === SLOW && fast !== slow) side = fast > slow ? 1 : -1;
  return before !== 0 && before !== side;
}

async function order(params) { // An unknown outcome is asked for at the next bar, never sent again.
  const result = await ask("order_send", params);
  inDoubt = result.outcome === "unknown" ? result.client_id : null;
  return result.outcome === "done";
}

async function start() {
  const { symbol } = chart;
  const { bars } = await ask("rates", { symbol, timeframe: "M1", start: 1, count: SLOW });
  bars.forEach((bar) => add(bar[4]));
  await ask("subscribe", { symbol, kind: "bars", timeframe: "M1" });
}

async function onBar(bar) {
  const [hasCrossed, { symbol, digits }] = [add(bar.close), chart];
  if (inDoubt && (await ask("order_status", { client_id: inDoubt })).outcome === "unknown") return;
  inDoubt = null;
  if (!hasCrossed) return;
  for (const { ticket } of (await ask("positions", { symbol, magic: MAGIC })).positions)
    if (!await order({ action: "close", ticket })) return;
  const tick = await ask("symbol_tick", { symbol });
  const stop = side > 0 ? points(tick.bid) - STOP_POINTS : points(tick.ask) + STOP_POINTS;
  await order({ action: "market", symbol, type: side > 0 ? "buy" : "sell", volume: VOLUME,
    stop_loss: stop / 10 ** digits, magic: MAGIC, comment: "cross" });
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  if (!method) return error ? asked.get(id).reject(error) : asked.get(id).resolve(result);
  if (method === "hello") chart = params.chart;
  const run = { hello: start, bar: () => onBar(params) }[method] ?? (() => {});
  work = work.then(run).catch((failed) => console.error(failed)); // One after the other.
  if (id !== undefined) work = work.then(() => send({ id, result: {} })); // The EA waits for it.
});
