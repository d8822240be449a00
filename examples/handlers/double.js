// tickpipe serve exec -- node double.js
const lines = require("node:readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const price = Number(line);
  console.log(Number.isFinite(price) ? (price * 2).toFixed(3) : `ERR not_a_number found ${line}`);
});
