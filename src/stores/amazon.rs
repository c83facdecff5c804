//! AWS Secrets Manager, by Amazon's own client.
//!
//! Where region and credentials come from is that client's business: variables, profiles, single sign-on, metadata.

use aws_config::BehaviorVersion;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::host::Host;

/// Returns the text of the current version of the secret `name`.
///
/// # Errors
/// No region, no credentials, no such secret, a refusal, or nobody there.
///
/// # Source
/// FN-113, FN-114.
pub async fn read(_host: &Host, name: &str) -> Result<String, String> {
    let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
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
