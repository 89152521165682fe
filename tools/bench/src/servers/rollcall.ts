// Rollcall's call layer, and no concerns.
import { serveRollcall } from "./rollcall-service.js";

await serveRollcall([]);
