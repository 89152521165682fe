import type { DescFile, DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import { docComment } from "../doc-comment.js";
import type { GeneratedModule, GeneratorContext } from "../generator.js";
import { createModuleText } from "../module-text.js";
import type { ModuleText } from "../module-text.js";
import { constantNameOf, importPathOf } from "../naming.js";
import { placeOf } from "../place.js";
import { compilePolicy } from "./compile-policy.js";
import { compileServiceConfig } from "./compile-service-config.js";
import type { MethodWithPolicy } from "./compile-service-config.js";
import { policyOption, readPolicy } from "./declared-policy.js";
import { findPolicyMistakes } from "./policy-mistakes.js";
import type { Mistake } from "./policy-mistakes.js";

/**
 * Compiles the policies of a proto's services to a table by method, and to the service configuration of channels. In a
 * package of which any RPC has a policy, every RPC must have one.
 */
export function generatePolicies(file: DescFile, context: GeneratorContext): GeneratedModule | undefined {
  if (file.services.length === 0 || !usesPolicies(file, context.registry)) {
    return undefined;
  }
  const module = createModuleText(file);
  for (const service of file.services) {
    addService(module, file, service, collectPolicies(service, context));
  }
  return { suffix: ".policy.ts", text: module.print() };
}

function usesPolicies(file: DescFile, registry: FileRegistry): boolean {
  const siblings = [...registry.files].filter((other) => other.proto.package === file.proto.package);
  const methods = siblings.flatMap(({ services }) => services.flatMap((service) => service.methods));
  return methods.some((method) => readPolicy(method, registry) !== undefined);
}

function collectPolicies(service: DescService, context: GeneratorContext): readonly MethodWithPolicy[] {
  return service.methods.flatMap((method) => {
    const policy = readPolicy(method, context.registry);
    if (policy === undefined) {
      const problem = "the RPC has no policy, and others of its package have one";
      reportMistake(method, { problem, instead: `write option (${policyOption}) = { access: ... }` }, context);
      return [];
    }
    for (const mistake of findPolicyMistakes(method, policy)) {
      reportMistake(method, mistake, context);
    }
    return [{ method, policy }];
  });
}

const optionsOfMethod = 4; // the number of `options` in google.protobuf.MethodDescriptorProto

function reportMistake(method: DescMethod, mistake: Mistake, context: GeneratorContext): void {
  const extension = context.registry.getExtension(policyOption);
  const within = extension === undefined ? [] : [optionsOfMethod, extension.number];
  context.report({ ...placeOf(method, within), ...mistake });
}

function addService(
  module: ModuleText,
  file: DescFile,
  service: DescService,
  methods: readonly MethodWithPolicy[],
): void {
  const definition = module.importType(`${service.name}Definition`, importPathOf(file, file));
  const table = module.importType("PolicyTable", "@rollcall/rpc");
  const config = module.importType("ServiceConfig", "@rollcall/rpc");
  const name = constantNameOf(service, "");
  const policies = Object.fromEntries(
    methods.map(({ method, policy }) => [method.localName, compilePolicy(method, policy)]),
  );
  addConstant(module, `${name}Policies`, policies, `${table}<${definition}>`, [
    `What \`${service.typeName}\` demands of the callers of each method, and what it grants them.`,
  ]);
  addConstant(module, `${name}Config`, compileServiceConfig(service, methods, "retry"), config, [
    `What channels do with calls of \`${service.typeName}\` by themselves: each ends after its default deadline at the`,
    "latest, and unary calls that are safe to repeat are tried again when the server is unavailable.",
  ]);
  addConstant(module, `${name}HedgingConfig`, compileServiceConfig(service, methods, "hedge"), config, [
    `Like {@link ${name}Config}, but unary calls without side effects are sent again before the first answer is there,`,
    "when it is late. Costs the server more calls, and saves callers from slow ones.",
  ]);
}

function addConstant(module: ModuleText, name: string, value: unknown, type: string, doc: readonly string[]): void {
  module.add(
    `${docComment(doc.join("\n"))}\nexport const ${name} = ${JSON.stringify(value)} as const satisfies ${type};`,
  );
}
