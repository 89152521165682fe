import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of 64 MB with ext4 on it, whose power a test can cut. */
export interface LoopDisk extends AsyncDisposable {
  /** Where the disk is mounted. */
  readonly folder: string;
  /**
   * Copies to `target` the files that a power cut at this moment would leave: what has reached the disk, and nothing of
   * what the operating system still holds in memory.
   */
  copyAfterPowerCut(target: string): void;
}

/** Makes a disk in a file. It needs the right to mount, and loop devices. */
export function createLoopDisk(): LoopDisk {
  const home = mkdtempSync(join(tmpdir(), "rollcall-disk-"));
  const image = join(home, "disk.img");
  const mounted: string[] = [];

  function mount(file: string, name: string): string {
    const folder = join(home, name);
    mkdirSync(folder);
    // Without this the file system writes by itself every five seconds, and a copy made meanwhile would be torn.
    execFileSync("mount", ["-o", "loop,commit=300", file, folder], { stdio: "pipe" });
    mounted.push(folder);
    return folder;
  }

  function dispose(): void {
    for (const folder of mounted) {
      execFileSync("umount", [folder], { stdio: "pipe" });
    }
    rmSync(home, { recursive: true, force: true });
  }

  try {
    writeFileSync(image, "");
    truncateSync(image, 64 * 1024 * 1024);
    execFileSync("mkfs.ext4", ["-q", "-F", image], { stdio: "pipe" });
    const folder = mount(image, "mounted");
    return {
      folder,

      copyAfterPowerCut(target) {
        const copy = join(home, "copy.img");
        copyFileSync(image, copy);
        cpSync(mount(copy, "mounted-copy"), target, { recursive: true });
      },

      async [Symbol.asyncDispose]() {
        dispose();
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Whether this machine lets {@link createLoopDisk} work. */
export async function canMountLoopDisks(): Promise<boolean> {
  try {
    await createLoopDisk()[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  }
}
