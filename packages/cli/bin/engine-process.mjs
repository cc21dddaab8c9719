// The process that `engine start --detach` leaves behind. What Node makes of the sources is kept between starts, which
// halves the time to the first answer and spares the memory of the type stripper.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('../src/edges/engine-process.ts');
