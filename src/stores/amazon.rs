//! AWS Secrets Manager, by Amazon's own client over connections of ours.
//!
//! Where region and credentials come from is that client's business: variables, profiles, single sign-on, metadata.

use aws_config::BehaviorVersion;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

use crate::host::Host;
use crate::network::{Trust, Way, reason};

/// Returns the text of the current version of the secret `name`.
///
/// # Errors
/// No region, no credentials, no such secret, a refusal, or nobody there.
///
/// # Source
/// FN-113, FN-114.
pub async fn read(host: &Host, name: &str) -> Result<String, String> {
    let bundle = host.env_filled("AWS_CA_BUNDLE").map(|path| vec![host.absolute(path)]);
    let way = Way { trust: bundle.map_or(Trust::System, Trust::Only), ..Way::default() };
    // What is wrong with the way is told here, not by whoever asks for credentials first.
    way.tls(host)?;
    let connections = Connections { way, host: host.clone() };
    let settings = aws_config::defaults(BehaviorVersion::latest()).http_client(connections).load().await;
    if settings.region().is_none() {
        return Err("no region is known for AWS Secrets Manager; AWS_REGION can name one".to_owned());
    }
    let client = aws_sdk_secretsmanager::Client::new(&settings);
    let answer = client.get_secret_value().secret_id(name).version_stage("AWSCURRENT").send().await;
    let answer = answer.map_err(|error| match error.as_service_error() {
        Some(refusal) => format!("AWS Secrets Manager has no answer for {name:?}: {}", told(refusal)),
        None => format!("cannot ask AWS Secrets Manager for {name:?}: {}", DisplayErrorContext(&error)),
    })?;
    match answer.secret_string {
        Some(secret) => Ok(secret),
        None => Err(format!("the secret {name:?} holds bytes, not a text")),
    }
}

fn told(refusal: &aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError) -> String {
    let meta = refusal.meta();
    let parts = [meta.code(), meta.message()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// Makes the connections that Amazon's client asks for.
#[derive(Clone)]
struct Connections {
    way: Way,
    host: Host,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.way.fmt(out)
    }
}

impl HttpClient for Connections {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let client = self.way.client(&self.host).and_then(|builder| {
            let mut builder = builder.redirect(reqwest::redirect::Policy::none());
            if let Some(limit) = settings.connect_timeout() {
                builder = builder.connect_timeout(limit);
            }
            if let Some(limit) = settings.read_timeout() {
                builder = builder.read_timeout(limit);
            }
            builder.build().map_err(|error| reason(&error))
        });
        SharedHttpConnector::new(Connector { client })
    }
}

#[derive(Clone, Debug)]
struct Connector {
    client: Result<reqwest::Client, String>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.client.clone();
        HttpConnectorFuture::new(async move {
            let client = client.map_err(|reason| ConnectorError::user(reason.into()))?;
            let response = client.execute(ours(&request)?).await.map_err(failed)?;
            let status = response.status().as_u16().try_into().map_err(wrong)?;
            let headers = response.headers().clone();
            let mut answer = HttpResponse::new(status, SdkBody::from(response.bytes().await.map_err(failed)?.to_vec()));
            for (name, value) in &headers {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                answer.headers_mut().try_append(name.as_str().to_owned(), value).map_err(wrong)?;
            }
            Ok(answer)
        })
    }
}

/// Returns the request as our client takes it.
fn ours(request: &HttpRequest) -> Result<reqwest::Request, ConnectorError> {
    let method = request.method().parse().map_err(wrong)?;
    let mut ours = reqwest::Request::new(method, request.uri().parse().map_err(wrong)?);
    for (name, value) in request.headers() {
        let name: reqwest::header::HeaderName = name.parse().map_err(wrong)?;
        ours.headers_mut().append(name, value.parse().map_err(wrong)?);
    }
    *ours.body_mut() = request.body().bytes().map(|bytes| bytes.to_vec().into());
    Ok(ours)
}

fn wrong(error: impl std::error::Error + Send + Sync + 'static) -> ConnectorError {
    ConnectorError::user(Box::new(error))
}

/// Tells Amazon's client what happened, by which it decides whether to ask again.
fn failed(error: reqwest::Error) -> ConnectorError {
    let told = reason(&error).into();
    if error.is_timeout() { ConnectorError::timeout(told) } else { ConnectorError::io(told) }
}
