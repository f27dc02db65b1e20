import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import { helpText, parseOptions, UsageError } from './options.ts';
import { run } from './run.ts';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(helpText());
  else await run(options, process.stdout);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\nSee: npm start -- --help`);
  process.exitCode = 2;
}
