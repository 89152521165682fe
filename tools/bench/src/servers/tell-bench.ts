/** What a measured server tells the bench: where it listens, and then the CPU time it has used, as often as it is asked. */
export type ServerMessage = { readonly port: number } | { readonly cpuUs: number };

/** Tells the bench that this process serves, and answers what it asks. The process ends with the bench. */
export function tellBench(port: number): void {
  const tell = (message: ServerMessage) => process.send?.(message);
  process.on("message", () => {
    const { user, system } = process.cpuUsage(); // of all threads, the garbage collector's included
    tell({ cpuUs: user + system });
  });
  process.once("disconnect", () => {
    process.exit();
  });
  tell({ port });
}
