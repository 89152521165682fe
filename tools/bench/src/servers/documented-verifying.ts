// Six documented interceptors around bare grpc-js; the one for credentials verifies each token.
import { importTokenKey } from "./token-key.js";
import { serveBare } from "./bare-service.js";
import { verifyEach } from "./documented/auth.js";
import { documentedInterceptors } from "./documented/interceptors.js";

serveBare({ interceptors: documentedInterceptors(verifyEach(await importTokenKey())) });
