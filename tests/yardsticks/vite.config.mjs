// One yardstick, by its directory: `YARDSTICK=react vite build`.
import { fileURLToPath } from "node:url";

const name = process.env.YARDSTICK;
const plugins = {
  react: async () => (await import("@vitejs/plugin-react")).default(),
  svelte: async () => (await import("@sveltejs/vite-plugin-svelte")).svelte(),
};

export default async () => ({
  root: fileURLToPath(new URL(name, import.meta.url)),
  plugins: [await plugins[name]()],
  build: { outDir: process.env.OUT, emptyOutDir: true },
});
