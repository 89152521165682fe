// What a careful newcomer would write: grpc-js and the generated code, and nothing around them.
import { serveBare } from "./bare-service.js";

serveBare({});
