// Rollcall's call layer with every concern around it.
import { everyConcern } from "./every-concern.js";
import { serveRollcall } from "./rollcall-service.js";
import { tokenKeyOf } from "./token-key.js";

await serveRollcall(everyConcern(tokenKeyOf(process.env)));
