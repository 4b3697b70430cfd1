// Asks flagd's own evaluator what 50,000 users get from the documents beside this file, and writes
// evaluations.txt. Needs Node and the network; the tests need neither. In this folder:
//
//   npm install --no-save --prefix /tmp/flagd-core @openfeature/flagd-core@4.0.1 @openfeature/core
//   NODE_PATH=/tmp/flagd-core/node_modules node evaluate.mjs
//
// One digit for each user: at how many of the six exposures that user is on the canary. The digit is
// enough because nobody leaves as the exposure grows, which is checked here with the evaluator.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const { FlagdCore } = require('@openfeature/flagd-core');
const { version } = require('@openfeature/flagd-core/package.json');
const here = new URL('.', import.meta.url);
const exposures = ['0', '0.1', '1', '10', '50', '100'];
const users = 50000;

// The same three kinds of keys as in FractionTest.
const user = (i) => (i % 3 === 0 ? `user-${i}` : i % 3 === 1 ? `${i}@shop.example` : `${i}`);

const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const cores = exposures.map((percent) => {
  const core = new FlagdCore(undefined, quiet);
  core.setConfigurations(readFileSync(new URL(`set-${percent}.json`, here), 'utf8'));
  return core;
});
const counts = exposures.map(() => 0);
let digits = '';
for (let i = 0; i < users; i++) {
  const on = cores.map(
    (core) => core.resolveBooleanEvaluation('checkout-v2', false, { targetingKey: user(i) }, quiet).value
  );
  on.forEach((value, level) => (counts[level] += value ? 1 : 0));
  for (let level = 1; level < on.length; level++) {
    if (on[level - 1] && !on[level]) {
      throw new Error(`${user(i)} leaves at ${exposures[level]} %`);
    }
  }
  digits += on.filter(Boolean).length + (i % 100 === 99 ? '\n' : '');
}
const stranger = cores.map((core) => core.resolveBooleanEvaluation('checkout-v2', false, {}, quiet));
writeFileSync(
  new URL('evaluations.txt', here),
  `# @openfeature/flagd-core ${version}, node ${process.versions.node}, ${users} users; made by evaluate.mjs\n` +
    `# on: ${exposures.map((percent, level) => `${percent} % ${counts[level]}`).join(', ')}\n` +
    `# without a targeting key: ${stranger.map((s) => `${s.variant} ${s.reason}`).join(', ')}\n` +
    digits
);
