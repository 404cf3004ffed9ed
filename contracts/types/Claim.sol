// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev keccak256(abi.encode(block.chainid, registry, publisher, salt)).
type ModelId is bytes32;

/// @dev keccak256(abi.encode(modelId, manifestHash, keccak256(abi.encode(methods)))): content-addressed and immutable.
type ModelVersionId is bytes32;

/// @notice "Operator O says that model version M, given input I, produced output Y."
/// @dev Calldata and memory only; field order is the EIP-712 order.
struct Claim {
    /// Id of the request that was answered: a `JobId`, or the id of an off-chain request.
    bytes32 requestId;
    /// Model version that the operator says it ran.
    ModelVersionId model;
    /// Operator that answered and is liable.
    address operator;
    /// Commitment to the input. Exact models: the root of tensor 0 (docs/protocol/exact-models.md).
    bytes32 inputHash;
    /// keccak256 of the output bytes.
    bytes32 outputHash;
    /// Method's own commitment. Exact models: the trace root.
    bytes32 evidenceHash;
}

using ClaimLib for Claim global;

/// @title ClaimLib
/// @notice EIP-712 struct hash of a claim.
library ClaimLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "Claim(bytes32 requestId,bytes32 model,address operator,bytes32 inputHash,bytes32 outputHash,bytes32 evidenceHash)"
    );

    /// @dev Every field is static, so `abi.encode` already lays the struct out as EIP-712 `encodeData`.
    function hash(Claim memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}
