/**
 * Loaded before the daemon (`--import`): its wall clock goes wrong by as many milliseconds as the file named by FAULTS_CLOCK says.
 * Time that is never set back (`performance.now`) stays as it is, as with a real clock that is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env.FAULTS_CLOCK;
const TrueDate = Date;
let offset = 0;

function look() {
  try {
    offset = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offset = 0;
  }
}

if (file !== undefined) {
  look();
  setInterval(look, 250).unref();
  globalThis.Date = class extends TrueDate {
    constructor(...given) {
      if (given.length === 0) super(TrueDate.now() + offset);
      else super(...given);
    }

    static now() {
      return TrueDate.now() + offset;
    }
  };
}
