//! What is told while it serves: lines of JSON on standard error, and traces where a collector is named.

use std::io::stderr;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use web::Joined;

/// Begins telling.
///
/// # Errors
///
/// Why traces cannot be told.
pub(super) fn begin(collector: Option<&str>) -> Result<Telling, String> {
    let telling = collector.map(Telling::to).transpose()?.unwrap_or_default();
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(lines())
        .with(telling.layer())
        .init();
    Ok(telling)
}

/// A line of JSON for each thing that happened. Spans are for traces: what stands in them stands in the lines already.
fn lines<S: tracing::Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(stderr)
}

#[cfg(feature = "otlp")]
pub(super) use with::Telling;
#[cfg(not(feature = "otlp"))]
pub(super) use without::Telling;

#[cfg(feature = "otlp")]
mod with {
    use super::{Joined, Layer, LookupSpan};
    use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing::Span;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    /// Tells a collector of spans, in bundles; the last ones when it is dropped.
    #[derive(Default)]
    pub(in super::super) struct Telling(Option<SdkTracerProvider>);

    impl Telling {
        /// To a collector, by its address without a path: `http://127.0.0.1:4318`.
        pub(super) fn to(collector: &str) -> Result<Telling, String> {
            let exporter = SpanExporter::builder()
                .with_http()
                .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
                .with_protocol(Protocol::HttpJson)
                .build()
                .map_err(|error| error.to_string())?;
            let whose = Resource::builder().with_service_name("renshe").build();
            let provider = SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(whose)
                .build();
            Ok(Telling(Some(provider)))
        }

        pub(super) fn layer<S: tracing::Subscriber + for<'a> LookupSpan<'a>>(
            &self,
        ) -> Option<impl Layer<S> + use<S>> {
            let tracer = self.0.as_ref().map(|provider| provider.tracer("renshe"));
            tracer.map(|tracer| tracing_opentelemetry::layer().with_tracer(tracer))
        }

        /// How a request's span joins the trace it is a part of.
        pub(in super::super) fn joined(&self) -> Joined {
            match self.0 {
                Some(_) => join,
                None => |_, _| {},
            }
        }
    }

    impl Drop for Telling {
        fn drop(&mut self) {
            if let Some(provider) = &self.0 {
                // The collector may be gone; nobody waits for it.
                let _ = provider.shutdown();
            }
        }
    }

    fn join(span: &Span, header: &dyn Fn(&str) -> Option<String>) {
        let named = Named(["traceparent", "tracestate"].map(|name| (name, header(name))));
        let _ = span.set_parent(TraceContextPropagator::new().extract(&named));
    }

    /// The headers of W3C's Trace Context.
    struct Named([(&'static str, Option<String>); 2]);

    impl Extractor for Named {
        fn get(&self, key: &str) -> Option<&str> {
            let found = self.0.iter().find(|(name, _)| *name == key);
            found.and_then(|(_, said)| said.as_deref())
        }

        fn keys(&self) -> Vec<&str> {
            let said = self.0.iter().filter(|(_, said)| said.is_some());
            said.map(|(name, _)| *name).collect()
        }
    }
}

#[cfg(not(feature = "otlp"))]
mod without {
    use super::{Joined, Layer};
    use tracing_subscriber::layer::Identity;

    /// Tells nobody of spans.
    #[derive(Default)]
    pub(in super::super) struct Telling;

    impl Telling {
        pub(super) fn to(_: &str) -> Result<Telling, String> {
            Err("this program was built without traces; build it with `--features otlp`".into())
        }

        #[expect(clippy::unused_self, reason = "as where traces are told")]
        pub(super) fn layer<S: tracing::Subscriber>(&self) -> impl Layer<S> + use<S> {
            Identity::new()
        }

        #[expect(clippy::unused_self, reason = "as where traces are told")]
        pub(in super::super) fn joined(&self) -> Joined {
            |_, _| {}
        }
    }
}
