import { writeSync } from "node:fs";
import { readStoreOptions } from "./child.fixture.js";
import { openStore } from "./open-store.js";

/** Creates users until the process is killed, and prints the id of each as soon as its unit of work has resolved. */
const store = await openStore(readStoreOptions());

async function writeUsers(writer: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const email = `${process.pid}.${writer}.${number}@example.com`;
    const user = await store.write((unit) => unit.users.insert({ name: "Ada", email, status: 1 }));
    // Synchronous: an id that reaches the pipe has been acknowledged, and one that was acknowledged reaches it.
    writeSync(1, `${user.id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(writeUsers));
