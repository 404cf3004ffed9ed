// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IModelRegistry, Method, VerifierStatus} from "./interfaces/IModelRegistry.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {ModelId, ModelVersionId} from "./types/Claim.sol";

/// @title ModelRegistry
/// @notice Lets publishers name models and publish versions that never change.
contract ModelRegistry is IModelRegistry, AccessManaged {
    /* STORAGE */

    /// @inheritdoc IModelRegistry
    mapping(ModelId id => address publisher) public publisherOf;
    /// @inheritdoc IModelRegistry
    mapping(ModelVersionId version => ModelId) public modelOf;
    /// @inheritdoc IModelRegistry
    mapping(ModelVersionId version => bool) public isDeprecated;
    /// @inheritdoc IModelRegistry
    mapping(ModelVersionId version => mapping(address verifier => bytes32 root)) public rootOf;
    /// @inheritdoc IModelRegistry
    mapping(address verifier => VerifierStatus) public verifierStatus;

    mapping(ModelId id => address proposed) internal _proposedOf;

    /* CONSTRUCTOR */

    constructor(address authority) AccessManaged(authority) {
        require(authority != address(0), ZeroAddress());
    }

    /* MODIFIERS */

    modifier onlyPublisher(ModelId id) {
        _checkPublisher(id);
        _;
    }

    /* MODELS */

    /// @inheritdoc IModelRegistry
    function create(bytes32 salt, string calldata name) external returns (ModelId id) {
        id = modelId(msg.sender, salt);
        require(publisherOf[id] == address(0), ModelExists(id));

        publisherOf[id] = msg.sender;
        emit ModelCreated(id, msg.sender, salt, name);
    }

    /// @inheritdoc IModelRegistry
    function proposePublisher(ModelId id, address proposed) external onlyPublisher(id) {
        _proposedOf[id] = proposed;
        emit PublisherProposed(id, msg.sender, proposed);
    }

    /// @inheritdoc IModelRegistry
    function acceptPublisher(ModelId id) external {
        address proposed = _proposedOf[id];
        require(msg.sender == proposed, NotProposed(id, msg.sender, proposed));

        address previous = publisherOf[id];
        publisherOf[id] = msg.sender;
        delete _proposedOf[id];
        emit PublisherChanged(id, previous, msg.sender);
    }

    /* VERSIONS */

    /// @inheritdoc IModelRegistry
    function publish(
        ModelId model,
        bytes32 manifestHash,
        string calldata manifestUri,
        Method[] calldata methods
    ) external onlyPublisher(model) returns (ModelVersionId version) {
        version = versionId(model, manifestHash, methods);
        require(ModelId.unwrap(modelOf[version]) == bytes32(0), VersionExists(version));

        modelOf[version] = model;
        emit VersionPublished(version, model, manifestHash, manifestUri);
        for (uint256 i = 0; i < methods.length; ++i) _accept(version, methods[i]);
    }

    /// @inheritdoc IModelRegistry
    function deprecate(ModelVersionId version) external {
        ModelId model = modelOf[version];
        require(ModelId.unwrap(model) != bytes32(0), UnknownVersion(version));
        _checkPublisher(model);
        require(!isDeprecated[version], VersionAlreadyDeprecated(version));

        isDeprecated[version] = true;
        emit VersionDeprecated(version);
    }

    /* GOVERNANCE */

    /// @inheritdoc IModelRegistry
    function approveVerifier(address verifier) external restricted {
        require(verifier != address(0), ZeroAddress());
        _advance(verifier, VerifierStatus.None, VerifierStatus.Approved);
        emit VerifierApproved(verifier);
    }

    /// @inheritdoc IModelRegistry
    function tombstoneVerifier(address verifier) external restricted {
        _advance(verifier, VerifierStatus.Approved, VerifierStatus.Tombstoned);
        emit VerifierTombstoned(verifier);
    }

    /* VIEWS */

    /// @inheritdoc IModelRegistry
    function modelId(address publisher, bytes32 salt) public view returns (ModelId) {
        return ModelId.wrap(keccak256(abi.encode(block.chainid, address(this), publisher, salt)));
    }

    /// @inheritdoc IModelRegistry
    function versionId(
        ModelId model,
        bytes32 manifestHash,
        Method[] calldata methods
    ) public pure returns (ModelVersionId) {
        return ModelVersionId.wrap(keccak256(abi.encode(model, manifestHash, keccak256(abi.encode(methods)))));
    }

    /* INTERNAL */

    function _accept(ModelVersionId version, Method calldata method) internal {
        address verifier = method.verifier;
        VerifierStatus status = verifierStatus[verifier];
        require(status == VerifierStatus.Approved, VerifierNotApproved(verifier, status));
        require(method.root != bytes32(0), ZeroRoot(verifier));
        require(rootOf[version][verifier] == bytes32(0), DuplicateMethod(verifier));

        rootOf[version][verifier] = method.root;
        emit MethodAccepted(version, verifier, method.root, method.data);

        IVerifier(verifier).validate(method.root, method.data);
    }

    function _advance(address verifier, VerifierStatus from, VerifierStatus to) internal {
        VerifierStatus status = verifierStatus[verifier];
        require(status == from, VerifierStatusUnchangeable(verifier, status));

        verifierStatus[verifier] = to;
    }

    function _checkPublisher(ModelId id) internal view {
        address publisher = publisherOf[id];
        require(publisher != address(0), UnknownModel(id));
        require(msg.sender == publisher, NotPublisher(id, msg.sender, publisher));
    }
}
