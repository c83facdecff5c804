//! The words of `packer verify-attestation`.

use clap::Args;

/// The words of `packer verify-attestation`. The command is not there yet: `docs/parity.md`.
#[derive(Args, Debug, Default)]
#[command(override_usage = "packer verify-attestation [options] ATTESTATION", disable_help_flag = true)]
pub struct VerifyAttestation {
    /// File of the artifact that the attestation has to speak of.
    #[arg(long, value_name = "path")]
    pub artifact: Option<String>,
    /// Builder that has to be named in the statement.
    #[arg(long, value_name = "id")]
    pub builder_id: Option<String>,
    /// Bundle with the signature and what proves it.
    #[arg(long, value_name = "path")]
    pub bundle: Option<String>,
    /// Key to check the signature with.
    #[arg(long, value_name = "path")]
    pub key: Option<String>,
    /// Who has to have signed, when no key was used.
    #[arg(long, value_name = "identity")]
    pub keyless_identity: Option<String>,
    /// Who has to have vouched for the signer, when no key was used.
    #[arg(long, value_name = "url")]
    pub keyless_oidc_issuer: Option<String>,
    /// Kind of statement that is expected.
    #[arg(long, value_name = "type")]
    pub predicate_type: Option<String>,
    /// Refuse a signature that is in no transparency log.
    #[arg(long)]
    pub require_rekor: bool,
    /// Refuse a signature whose time nobody confirms.
    #[arg(long)]
    pub require_timestamp: bool,
    /// How the attestation was signed.
    #[arg(long, value_name = "mode")]
    pub signing_mode: Option<String>,
    /// Source that has to be named in the statement.
    #[arg(long, value_name = "uri")]
    pub source_uri: Option<String>,
    /// File with the roots that certificates are traced back to.
    #[arg(long, value_name = "path")]
    pub trusted_root_path: Option<String>,
    /// What checks the signature.
    #[arg(long, value_name = "name")]
    pub verifier: Option<String>,
    #[arg(num_args = 0.., hide = true)]
    #[expect(missing_docs, reason = "the one attestation")]
    pub attestation: Vec<String>,
}
