import { descriptorSet as contractDescriptorSet } from "@rollcall/contracts/descriptor-set";
import { descriptorSet } from "../gen/descriptor-set.js";
import { ServerReflectionDefinition } from "../gen/grpc/reflection/v1/reflection.js";
import { ServerReflectionDefinition as ServerReflectionAlphaDefinition } from "../gen/grpc/reflection/v1alpha/reflection.js";
import { createService, type Service } from "../service.js";
import { createReflectionService } from "./reflection-service.js";

/**
 * Reflection in both versions that tools speak.
 *
 * @param otherServices - The full names of the services to list beside reflection itself.
 */
export function createReflectionServices(otherServices: readonly string[]): readonly Service[] {
  const ownServices = [ServerReflectionDefinition.fullName, ServerReflectionAlphaDefinition.fullName];
  const implementation = createReflectionService({
    services: [...otherServices, ...ownServices],
    descriptorSets: [contractDescriptorSet, descriptorSet],
  });
  return [
    createService(ServerReflectionDefinition, implementation),
    createService(ServerReflectionAlphaDefinition, implementation),
  ];
}
