export type { NativeOptions } from "./native-options.js";
export { serverCallOf } from "./server-call-of.js";
export { toNativeClientInterceptor } from "./to-native-client-interceptor.js";
export { type NativeServerOptions, toNativeServerInterceptor } from "./to-native-server-interceptor.js";
