// What Gradescope runs: one script when the image is made, one for each submission.

/** Of Node, where the image has none that is new enough. */
const NODE = "22.23.3";

export const SETUP = `#!/usr/bin/env bash
# Installs Node, if there is none of version 20.19 or newer, and the packages that the command needs. None of their scripts are run.
set -euo pipefail
cd "\${TAILPAGE_SOURCE:-/autograder/source}"

new_enough() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2> /dev/null
}

if ! command -v npm > /dev/null; then
  apt-get update
  apt-get install -y --no-install-recommends npm
fi
if ! new_enough; then
  case "$(uname -m)" in
    aarch64 | arm64) cpu=arm64 ;;
    *) cpu=x64 ;;
  esac
  npm install --prefix node --no-save --ignore-scripts "node-linux-$cpu@${NODE}"
  ln -sfn "node_modules/node-linux-$cpu/bin" node/bin
fi
npm ci --omit=dev --ignore-scripts
`;

export const RUN_AUTOGRADER = `#!/usr/bin/env bash
# Grades the one notebook that was handed in. There are results afterwards, whatever happens.
source="\${TAILPAGE_SOURCE:-/autograder/source}"
results="\${TAILPAGE_RESULTS:-/autograder/results}"
PATH="$source/node/bin:$PATH"

mkdir -p "$results"
rm -f "$results/results.json"
node "$source/dist/tailpage.js" gradescope --run
if [ ! -s "$results/results.json" ]; then
  echo '{"score": 0, "output": "This was not graded: the grader did not start. It is no fault of yours; tell your teacher.", "output_format": "text", "tests": []}' > "$results/results.json"
fi
`;
