"""Calls a server whose protos this program does not have: it learns them through reflection.

usage: python-client.fixture.py <address> <v1 or v1alpha> <service> <method> <request as JSON>
"""

import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory


def read_varint(data, position):
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position


def fields(data):
    """The length-delimited fields of a message."""
    position = 0
    while position < len(data):
        tag, position = read_varint(data, position)
        value, position = read_varint(data, position)
        if tag & 7 == 2:
            yield tag >> 3, data[position : position + value]
            position += value


def file_descriptors(channel, version, symbol):
    question = b"\x22" + bytes([len(symbol)]) + symbol.encode()  # file_containing_symbol
    ask = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo")
    (answer,) = ask(iter([question]), timeout=10)
    return [file for number, value in fields(answer) if number == 4 for _, file in fields(value)]


address, version, service_name, method_name, request = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    pool = descriptor_pool.DescriptorPool()
    # The file asked for comes first, and what it imports after it; the pool wants it the other way round.
    waiting = file_descriptors(channel, version, service_name)
    while waiting:
        refused = []
        for file in reversed(waiting):
            try:
                pool.AddSerializedFile(file)
            except TypeError:
                refused.append(file)
        if len(refused) == len(waiting):
            sys.exit("the files import others that did not come")
        waiting = refused
    method = pool.FindServiceByName(service_name).methods_by_name[method_name]
    factory = message_factory.MessageFactory(pool)
    call = channel.unary_unary(
        f"/{service_name}/{method_name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=factory.GetPrototype(method.output_type).FromString,
    )
    answer = call(json_format.Parse(request, factory.GetPrototype(method.input_type)()), timeout=10)
    print(json_format.MessageToJson(answer))
