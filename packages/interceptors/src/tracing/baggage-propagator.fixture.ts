import { propagation, type TextMapPropagator, trace } from "@opentelemetry/api";

/** Carries a trace in the manner of `traceparent`, and one entry of baggage. */
export function createBaggagePropagator(): TextMapPropagator {
  return {
    inject: (context, carrier, setter) => {
      const spanContext = trace.getSpanContext(context);
      if (spanContext !== undefined) {
        const { traceId, spanId, traceFlags } = spanContext;
        setter.set(carrier, "traceparent", `00-${traceId}-${spanId}-0${traceFlags}`);
      }
      const tenant = propagation.getBaggage(context)?.getEntry("tenant");
      if (tenant !== undefined) {
        setter.set(carrier, "baggage", `tenant=${tenant.value}`);
        setter.set(carrier, "grpc-not-allowed", tenant.value);
      }
    },
    extract: (context, carrier, getter) => {
      const tenant = /^tenant=(.*)$/.exec(String(getter.get(carrier, "baggage")))?.[1];
      const [, traceId, spanId, flags] = String(getter.get(carrier, "traceparent")).split("-");
      const known = getter.keys(carrier).includes("traceparent") && traceId !== undefined && spanId !== undefined;
      const within = known ? trace.setSpanContext(context, { traceId, spanId, traceFlags: Number(flags) }) : context;
      return tenant === undefined
        ? within
        : propagation.setBaggage(within, propagation.createBaggage({ tenant: { value: tenant } }));
    },
    fields: () => ["traceparent", "baggage"],
  };
}
