// Six documented interceptors around bare grpc-js; the one for credentials remembers the tokens that it has verified.
import { importTokenKey } from "./token-key.js";
import { serveBare } from "./bare-service.js";
import { verifyEach, verifyOnce } from "./documented/auth.js";
import { documentedInterceptors } from "./documented/interceptors.js";

const verify = verifyOnce(verifyEach(await importTokenKey()));
serveBare({ interceptors: documentedInterceptors(verify) });
