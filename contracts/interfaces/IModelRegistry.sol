// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelId, ModelVersionId} from "../types/Claim.sol";

/// @notice One way in which answers of a model version can be judged.
struct Method {
    /// Verifier contract; must be approved when the version is published.
    address verifier;
    /// What the verifier holds claims against: a program root, a verification key, an allow-list root.
    bytes32 root;
    /// What `IVerifier.validate` needs to accept `root`. Emitted, so that anybody can rebuild it.
    bytes data;
}

/// @notice Life of a verifier in the registry. Never goes backwards.
enum VerifierStatus {
    None,
    /// New versions may name it.
    Approved,
    /// New versions may not; versions that name it keep it.
    Tombstoned
}

/// @title IModelRegistry
/// @notice Model ids and immutable, content-addressed versions, owned by their publishers.
interface IModelRegistry {
    event ModelCreated(ModelId indexed id, address indexed publisher, bytes32 salt, string name);
    event PublisherProposed(ModelId indexed id, address indexed publisher, address indexed proposed);
    event PublisherChanged(ModelId indexed id, address indexed previous, address indexed publisher);
    event VersionPublished(
        ModelVersionId indexed version,
        ModelId indexed model,
        bytes32 manifestHash,
        string manifestUri
    );
    event MethodAccepted(ModelVersionId indexed version, address indexed verifier, bytes32 root, bytes data);
    event VersionDeprecated(ModelVersionId indexed version);
    event VerifierApproved(address indexed verifier);
    event VerifierTombstoned(address indexed verifier);

    error ModelExists(ModelId id);
    error UnknownModel(ModelId id);
    error NotPublisher(ModelId id, address account, address publisher);
    error NotProposed(ModelId id, address account, address proposed);
    error VersionExists(ModelVersionId version);
    error UnknownVersion(ModelVersionId version);
    error VersionAlreadyDeprecated(ModelVersionId version);
    error VerifierNotApproved(address verifier, VerifierStatus status);
    error VerifierStatusUnchangeable(address verifier, VerifierStatus status);
    error ZeroRoot(address verifier);
    error DuplicateMethod(address verifier);
    error ZeroAddress();

    function modelId(address publisher, bytes32 salt) external view returns (ModelId);
    function versionId(
        ModelId model,
        bytes32 manifestHash,
        Method[] calldata methods
    ) external pure returns (ModelVersionId);
    function publisherOf(ModelId id) external view returns (address);
    function modelOf(ModelVersionId version) external view returns (ModelId);
    function isDeprecated(ModelVersionId version) external view returns (bool);
    /// @notice Root under which `verifier` judges `version`; zero if the version does not accept that verifier.
    function rootOf(ModelVersionId version, address verifier) external view returns (bytes32);
    function verifierStatus(address verifier) external view returns (VerifierStatus);

    function create(bytes32 salt, string calldata name) external returns (ModelId id);
    /// @notice Publishes a version whose methods' verifiers each accept their root. Only the publisher.
    function publish(
        ModelId model,
        bytes32 manifestHash,
        string calldata manifestUri,
        Method[] calldata methods
    ) external returns (ModelVersionId version);
    /// @notice Warns users off a version. Open jobs and claims are untouched, and it cannot be undone.
    function deprecate(ModelVersionId version) external;
    /// @notice First half of a hand-over; the proposed account completes it with `acceptPublisher`.
    function proposePublisher(ModelId id, address proposed) external;
    function acceptPublisher(ModelId id) external;

    /// @notice Governance: lets new versions name `verifier`. An address is its own id, so it can never be re-pointed.
    function approveVerifier(address verifier) external;
    /// @notice Governance: stops new versions from naming `verifier`, for good.
    function tombstoneVerifier(address verifier) external;
}
