/** A wait that can be cut short. Waking before the wait begins counts. */
export interface Pause {
  /** Waits so many real milliseconds, or until woken. */
  wait(ms: number): Promise<void>;
  wake(): void;
}

export function createPause(): Pause {
  let awake = false;
  let end = () => {};
  return {
    wait(ms) {
      if (awake) {
        awake = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => end(), ms);
        end = () => {
          clearTimeout(timer);
          end = () => {};
          awake = false;
          resolve();
        };
      });
    },
    wake() {
      awake = true;
      end();
    },
  };
}
