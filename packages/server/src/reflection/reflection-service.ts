import { type ServiceImplementation, Status } from "@rollcall/rpc";
import type {
  ServerReflectionDefinition,
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../gen/grpc/reflection/v1/reflection.js";
import { withoutLeadingDot } from "./declared-symbols.js";
import type { DescriptorFile } from "./descriptor-files.js";
import { createDescriptorIndex, type DescriptorIndex } from "./descriptor-index.js";

/** What reflection tells of. */
export interface ReflectionOptions {
  /** The full names of all services of the server, this one included. */
  readonly services: readonly string[];
  /** Serialized `google.protobuf.FileDescriptorSet`s that hold the services' files and all that they import. */
  readonly descriptorSets: readonly Uint8Array[];
}

type Question = ServerReflectionRequest["messageRequest"];
type Answer = ServerReflectionResponse["messageResponse"];

/**
 * The server reflection service, with which tools call a server whose protos they do not have. Versions v1 and v1alpha
 * have the same messages, so one implementation serves both.
 *
 * Files are sent as the compiler wrote them, with everything that they import, unless it was sent on the same stream. A
 * question that has no answer is answered with an error of its own, and the stream goes on.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function createReflectionService(options: ReflectionOptions): ServiceImplementation<ServerReflectionDefinition> {
  const services = [...options.services].sort().map((name) => ({ name }));
  const index = createDescriptorIndex(options.descriptorSets);
  return {
    async *serverReflectionInfo(requests) {
      const sent = new Set<DescriptorFile>();
      for await (const request of requests) {
        const messageResponse =
          request.messageRequest?.$case === "listServices"
            ? ({ $case: "listServicesResponse", value: { service: services } } as const)
            : answer(request.messageRequest, index, sent);
        yield { validHost: request.host, originalRequest: request, messageResponse };
      }
    },
  };
}

function answer(
  question: Exclude<Question, { $case: "listServices" }>,
  index: DescriptorIndex,
  sent: Set<DescriptorFile>,
): Answer {
  switch (question?.$case) {
    case "fileByFilename":
      return files(index.fileNamed(question.value), `file ${JSON.stringify(question.value)}`, index, sent);
    case "fileContainingSymbol": {
      const file = index.fileDeclaring(withoutLeadingDot(question.value));
      return files(file, `symbol ${JSON.stringify(question.value)}`, index, sent);
    }
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      const file = index.fileExtending(withoutLeadingDot(containingType), extensionNumber);
      return files(file, `extension ${extensionNumber} of ${JSON.stringify(containingType)}`, index, sent);
    }
    case "allExtensionNumbersOfType": {
      const numbers = index.extensionNumbersOf(withoutLeadingDot(question.value));
      return numbers === undefined
        ? notFound(`message ${JSON.stringify(question.value)}`)
        : {
            $case: "allExtensionNumbersResponse",
            value: { baseTypeName: question.value, extensionNumber: [...numbers] },
          };
    }
    case undefined:
      return failure(Status.INVALID_ARGUMENT, "the request asks nothing");
  }
}

/** The file that was asked for is sent in any case, its imports once on a stream. */
function files(
  file: DescriptorFile | undefined,
  asked: string,
  index: DescriptorIndex,
  sent: Set<DescriptorFile>,
): Answer {
  if (file === undefined) {
    return notFound(asked);
  }
  const wanted = index.withImports(file).filter((each) => each === file || !sent.has(each));
  wanted.forEach((each) => sent.add(each));
  return { $case: "fileDescriptorResponse", value: { fileDescriptorProto: wanted.map(({ bytes }) => bytes) } };
}

function notFound(asked: string): Answer {
  return failure(Status.NOT_FOUND, `${asked} does not exist on this server`);
}

function failure(errorCode: Status, errorMessage: string): Answer {
  return { $case: "errorResponse", value: { errorCode, errorMessage } };
}
